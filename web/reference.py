"""The files of `GET /docs`: its own, those of Swagger UI, and the OpenAPI document.

Swagger UI is not minified again, so that it stays as its authors publish it. Its licence is
served too, and its notice is in the page: https://www.apache.org/licenses/LICENSE-2.0#redistribution
"""

from gateway.response import JSON
from web.asset import CSS, HTML, SCRIPT, TEXT

AGE_S = 60  # As of the other pages.
SWAGGER_UI = "../../node_modules/swagger-ui-dist/"
# In the form of FILES in web/handler.py.
REFERENCE = {
    "/docs": ("reference.html", HTML, AGE_S),
    "/openapi.json": ("../../openapi.json", JSON, AGE_S),
    "/assets/reference.css": ("reference.css", CSS, AGE_S),
    "/assets/reference.js": ("reference.js", SCRIPT, AGE_S),
    "/assets/swagger-ui.css": (f"{SWAGGER_UI}swagger-ui.css", CSS, AGE_S),
    "/assets/swagger-ui-bundle.js": (f"{SWAGGER_UI}swagger-ui-bundle.js", SCRIPT, AGE_S),
    # Named in the first line of the script.
    "/assets/swagger-ui-bundle.js.LICENSE.txt": (
        f"{SWAGGER_UI}swagger-ui-bundle.js.LICENSE.txt",
        TEXT,
        AGE_S,
    ),
    "/assets/swagger-ui-LICENSE.txt": (f"{SWAGGER_UI}LICENSE", TEXT, AGE_S),
}
