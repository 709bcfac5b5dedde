"""Reads serverless.yml, with its variables as they are written there."""

from typing import Any

import yaml

from dev.service import ROOT


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's tags, such as `!Ref`, as the values that they tag."""


def _construct_tagged(loader: _Loader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _construct_tagged)


def read_settings() -> Any:
    """Return the settings of serverless.yml."""
    return yaml.load((ROOT / "serverless.yml").read_text(encoding="utf-8"), _Loader)
