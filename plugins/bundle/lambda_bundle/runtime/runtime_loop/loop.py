"""The loop: the init phase, then one invocation after another until Lambda stops the process."""

import os
import sys
from importlib import import_module
from os import environ

from runtime_loop import results
from runtime_loop.context import LambdaContext
from runtime_loop.expectations import list_folder
from runtime_loop.log import LoggingFinder, LogSink, Unbuffered
from runtime_loop.runtime_api import RuntimeApi


def run(command):
    """Run the function that `_HANDLER` names, as AWS's runtime client would.

    `command` is the one that would start that client.
    """
    prepare_python(command)
    api, log = RuntimeApi(environ["AWS_LAMBDA_RUNTIME_API"]), LogSink()
    sys.stdout, sys.stderr = Unbuffered(sys.stdout), Unbuffered(sys.stderr)
    sys.meta_path.insert(0, LoggingFinder(log))
    try:
        handler = find_handler(environ["_HANDLER"])
    except Exception as error:
        from runtime_loop import error_report

        error_report.report_init_error(api, log, error)
        sys.exit(1)
    while True:
        invocation = api.next()
        log.request_id, log.tenant_id = invocation.request_id, invocation.tenant_id
        if invocation.trace_id is None:
            environ.pop("_X_AMZN_TRACE_ID", None)
        else:
            environ["_X_AMZN_TRACE_ID"] = invocation.trace_id
        handle(api, log, handler, invocation)


def handle(api, log, handler, invocation):
    """Handle one invocation, and report its result or its error."""
    try:
        context = LambdaContext(invocation)
        event = results.read_event(invocation.body, invocation.content_type)
        result, content_type = results.write_result(handler(event, context))
    except Exception as error:
        from runtime_loop import error_report

        error_report.report_error(api, log, error, invocation)
    else:
        api.post_result(invocation, result, content_type)


def find_handler(name):
    """Return the function that a handler string such as `shop/cart.sell` names.

    Raises:
        FaultException: there is none.
        Exception: its module raised this when it was imported.
    """
    module, dot, function = name.rpartition(".")
    if not dot or module.partition(".")[0] in sys.builtin_module_names:
        raise _faults().bad_name(name)
    try:
        loaded = import_module(module.replace("/", "."))
    except (ImportError, SyntaxError) as error:
        raise _faults().bad_import(module, error) from error
    try:
        return getattr(loaded, function)
    except AttributeError:
        raise _faults().no_handler(module, function) from None


def _faults():
    from runtime_loop import faults

    return faults


def prepare_python(command):
    """Do what `python -I -S` has left out."""
    executable, script = command
    sys.executable, sys.argv = executable, [script]
    # A process that multiprocessing spawns runs it.
    sys.modules["__main__"].__file__ = script
    if environ.get("PYTHONDONTWRITEBYTECODE"):
        sys.dont_write_bytecode = True
    if environ.get("PYTHONFAULTHANDLER"):
        import faulthandler

        faulthandler.enable()
    import builtins
    from _sitebuiltins import Quitter, _Helper

    end_of_file = "Ctrl-D (i.e. EOF)"
    builtins.exit, builtins.quit = Quitter("exit", end_of_file), Quitter("quit", end_of_file)
    builtins.help = _Helper()
    set_path(executable, script)
    environ["PYTHONPATH"] = environ["LAMBDA_RUNTIME_DIR"]


def set_path(executable, script):
    """Set `sys.path` as `script` would have, and read the .pth files of its folders."""
    task_root, python = environ["LAMBDA_TASK_ROOT"], executable.rpartition("/")[2]
    root = executable.removesuffix(f"/var/lang/bin/{python}")
    layers = [f"{root}/opt/python/lib/{python}/site-packages", f"{root}/opt/python"]
    packages = f"{root}/var/lang/lib/{python}/site-packages"
    sys.path[:] = [
        task_root,
        *layers,
        packages,
        script.rpartition("/")[0],
        *sys.path[1:],  # `wrapper` has put the first one there, to find this package.
        packages,
    ]
    folders = [packages, task_root, *layers]
    if any(name.endswith(".pth") for folder in folders for name in list_folder(folder)):
        import site

        for folder in folders:
            site.addsitedir(folder)
    else:  # `addsitedir` appends a folder that does not exist, though it is there already.
        sys.path += [folder for folder in layers if not os.path.exists(folder)]
