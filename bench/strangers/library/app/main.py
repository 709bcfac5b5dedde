from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from mangum import Mangum

from .config import configure_logging
from .exceptions import LibraryError
from .models import Problem
from .routers import books, loans

logger = configure_logging()

app = FastAPI(title="Library", version="1.4.0")
app.include_router(books.router)
app.include_router(loans.router)


@app.exception_handler(LibraryError)
async def on_library_error(request: Request, exc: LibraryError):
    logger.warning("%s %s: %s", request.method, request.url.path, exc.code)
    problem = Problem(error=exc.code, detail=str(exc))
    return JSONResponse(problem.model_dump(), status_code=exc.status_code)


@app.exception_handler(RequestValidationError)
async def on_invalid(request: Request, exc: RequestValidationError):
    fields = [".".join(str(p) for p in e["loc"]) for e in exc.errors()]
    logger.warning("invalid: %s", ", ".join(fields))
    problem = Problem(error="invalid", detail="; ".join(e["msg"] for e in exc.errors()))
    return JSONResponse({**problem.model_dump(), "fields": fields}, status_code=422)


@app.get("/health")
def health():
    return {"status": "ok"}


handler = Mangum(app, lifespan="off")
