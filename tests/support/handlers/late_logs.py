"""Imports `logging` only when it is called."""

import threading


def handler(event, context):
    """Log as the event says."""
    context.log("before the import\n")
    if event == "in a thread":
        thread = threading.Thread(target=log)
        thread.start()
        thread.join()
    elif event == "with another level":
        import os

        os.environ["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG"
        os.environ["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        log()
    else:
        log()
    context.log("after the import\n")


def log():
    import logging

    logging.getLogger("late").error("late")
    logging.getLogger("late").info("information")
