"""`npm run screenshot`: takes the picture of the demo page that the README shows."""

import tempfile
from pathlib import Path

from dev.browser import open_browser
from dev.cloud import ROOT, Cloud, any_free_port
from dev.service import API_ID, STAGE
from dev.service_copy import Service

PICTURE = ROOT / "docs" / "images" / "clap-button.png"
WIDTH, HEIGHT = 780, 580  # In CSS pixels, of which each is two by two of the picture's.


def main() -> None:
    """Deploy to a local cloud, clap, and take the picture."""
    with Cloud(any_free_port()) as cloud, tempfile.TemporaryDirectory() as folder:
        Service(Path(folder)).run(cloud, "deploy")
        with open_browser() as browser:
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2
            )
            page.goto(cloud.api_url(API_ID, STAGE))
            button = page.locator("clap-button").get_by_role("button")
            for _ in range(7):
                button.click()
            page.locator("clap-button [role=status]").filter(has_text="7 claps").wait_for(
                state="attached"
            )
            page.mouse.move(0, 0)
            page.screenshot(path=PICTURE, animations="disabled")


if __name__ == "__main__":
    main()
