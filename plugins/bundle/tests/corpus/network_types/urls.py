"""`HttpUrl`, `AnyUrl`, `FileUrl`, `WebsocketUrl`, `UrlConstraints`."""

from typing import Annotated

from pydantic import AnyHttpUrl, AnyUrl, BaseModel, FileUrl, HttpUrl, UrlConstraints, WebsocketUrl


class Links(BaseModel):
    url: HttpUrl
    any_url: AnyUrl | None = None
    any_http: AnyHttpUrl = AnyHttpUrl("https://example.com/default")
    file: FileUrl | None = None
    socket: WebsocketUrl | None = None
    ftp: Annotated[AnyUrl, UrlConstraints(allowed_schemes=["ftp"], max_length=40)] | None = None


def example_urls():
    links = Links(url="https://user:pass@EXAMPLE.com:8080/a/b?x=1#f", any_url="redis://x")
    url = links.url
    return (
        links,
        str(url),
        url.host,
        url.port,
        url.scheme,
        url.query_params(),
        url.path,
        url.username,
        links.model_dump_json(),
    )


def example_compare():
    return (
        HttpUrl("https://a.b") == HttpUrl("https://a.b/"),
        isinstance(Links(url="http://a").url, HttpUrl),
        HttpUrl("ftp://x"),
    )
