"""The tables of cold starts."""

from bench.candidates import Candidate, FunctionPair
from bench.coldstart import Starts


def starts_table(starts: Starts, candidates: list[Candidate]) -> str:
    """Return the table of all candidates; the first is the empty function."""
    rows = [
        "| cold start | vs. empty | init | to first response | warm call | peak memory | zip |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for each in candidates:
        start = starts.medians(each)
        rows.append(
            f"| {each.name} | {starts.ratio(each, candidates[0]):.2f} | {start.init_ms:.0f} ms"
            f" | {start.cold_ms:.0f} ms | {start.warm_ms:.2f} ms"
            f" | {start.memory_mb:.1f} MB | {each.zipped_mb():.2f} MB |"
        )
    return "\n".join(rows)


def functions_table(
    starts: Starts, empty: Candidate, functions: list[FunctionPair], boto3: list[Candidate]
) -> str:
    """Return the table of all functions, with and without the loop, and of two in plain boto3."""
    titles = ["cold start", "vs. empty", "without the loop", "to first response"]
    titles += ["warm call", "without the loop", "peak memory", "zip"]
    rows = [f"| {' | '.join(titles)} |", f"|---|{'---:|' * (len(titles) - 1)}"]
    for pair in functions:
        start, by_client = starts.medians(pair.by_loop), starts.medians(pair.by_client)
        rows.append(
            f"| {pair.by_loop.name} | {starts.ratio(pair.by_loop, empty):.2f}"
            f" | {starts.ratio(pair.by_client, empty):.2f} | {start.cold_ms:.0f} ms"
            f" | {start.warm_ms:.2f} ms | {by_client.warm_ms:.2f} ms"
            f" | {start.memory_mb:.1f} MB | {pair.by_loop.zipped_mb():.2f} MB |"
        )
    sentences = []
    for each in boto3:
        start = starts.medians(each)
        rows.append(
            f"| {each.name} | | {starts.ratio(each, empty):.2f} | {start.cold_ms:.0f} ms"
            f" | | {start.warm_ms:.2f} ms | {start.memory_mb:.1f} MB"
            f" | {each.zipped_mb():.2f} MB |"
        )
        (own,) = (
            pair.by_loop for pair in functions if pair.by_loop.name == each.name.split(" ")[0]
        )
        sentences.append(
            f"{own.name} takes {starts.ratio(own, each):.2f} of the time of its plain boto3."
        )
    rows += ["", " ".join(sentences)]
    return "\n".join(rows)
