"""The claps functions: `POST /claps` applauds a post, `GET /claps` gets its claps."""

import os
import time

from aws.dynamodb import DynamoDB
from claps.payload import CLAPS_MAX, Applause, ApplauseHeaders, ClapCount, ClapsQuery
from claps.problems import ClapLimitExceeded, to_problem
from claps.store import ClapStore, Counts
from claps.viewers import find_viewer
from gateway import endpoint
from gateway.problem import KeyReused
from gateway.response import NO_STORE

# Built in the init phase on purpose; see aws/client.py.
STORE = ClapStore(DynamoDB(), os.environ["CLAPS_TABLE"], os.environ["SECRET"], os.urandom)
VIEWER_HEADER = os.environ["VIEWER_HEADER"].lower()


# Each viewer gets another response, so none is stored.
@endpoint(headers=NO_STORE, problems=(ClapLimitExceeded, KeyReused), to_problem=to_problem)
def applaud(
    payload: Applause,
    headers: ApplauseHeaders,
    source_ip: str,
    all_headers: dict[str, list[str]],
    deadline: float,
) -> ClapCount:
    """Count a viewer's claps for a post, up to the limit and once per idempotency key."""
    counts = STORE.applaud(
        payload.slug,
        payload.claps,
        find_viewer(source_ip, all_headers, VIEWER_HEADER),
        headers.idempotency_key,
        now=time.time(),
        deadline=deadline,
    )
    return _to_clap_count(payload.slug, counts)


@endpoint(headers=NO_STORE)
def get_claps(
    query: ClapsQuery, source_ip: str, all_headers: dict[str, list[str]], deadline: float
) -> ClapCount:
    """Get the claps of a post, and those of this viewer."""
    viewer = find_viewer(source_ip, all_headers, VIEWER_HEADER)
    counts = STORE.get(query.slug, viewer, deadline)
    return _to_clap_count(query.slug, counts)


def _to_clap_count(slug: str, counts: Counts) -> ClapCount:
    return ClapCount(slug=slug, claps=counts.post, viewer_clap_count=counts.viewer, limit=CLAPS_MAX)
