"""`npm run screenshot`: takes the screenshot of the demo page for docs/claps.md."""

import tempfile
from pathlib import Path

from dev.browser import open_browser
from dev.cloud import Cloud
from dev.ports import any_free_port
from dev.service import API_ID, ROOT, STAGE
from dev.service_copy import ServiceCopy

SCREENSHOT = ROOT / "docs" / "images" / "clap-button.png"
WIDTH, HEIGHT = 780, 600  # In CSS pixels.
SCALE = 2
CLAPS = 7


def main() -> None:
    """Deploy to a local cloud, clap, and take the screenshot."""
    with Cloud(any_free_port()) as cloud, tempfile.TemporaryDirectory() as folder:
        ServiceCopy(Path(folder)).run(cloud, "deploy")
        with open_browser() as browser:
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE
            )
            page.goto(cloud.api_url(API_ID, STAGE))
            button = page.locator("clap-button").get_by_role("button")
            for _ in range(CLAPS):
                button.click()
            page.locator("clap-button [role=status]").filter(has_text=f"{CLAPS} claps").wait_for(
                state="attached"
            )
            page.mouse.move(0, 0)
            page.evaluate("scrollTo(0, 0)")  # Clicking has scrolled the page.
            page.screenshot(path=SCREENSHOT, animations="disabled")


if __name__ == "__main__":
    main()
