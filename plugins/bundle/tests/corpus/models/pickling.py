"""Models that are pickled, also with extras and private attributes."""

import pickle

from pydantic import BaseModel, ConfigDict, PrivateAttr


class Session(BaseModel):
    model_config = ConfigDict(extra="allow")

    user: str
    roles: set[str] = set()
    _token: str = PrivateAttr("none")


def example_pickles():
    session = Session(user="a", roles=["b"], more=1)
    session._token = "secret"
    loaded = [pickle.loads(pickle.dumps(session, protocol)) for protocol in range(2, 6)]
    return loaded, [each._token for each in loaded], [each == session for each in loaded]


def example_state():
    state = Session(user="a", more=[1]).__getstate__()
    made = Session.__new__(Session)
    made.__setstate__(state)
    return state, made
