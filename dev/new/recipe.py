"""What a new service takes from this one."""

DESCRIPTION = "AWS Lambda functions in Python."

# Files to copy, by patterns in which `*` also matches slashes.
KEPT = [
    ".editorconfig",
    ".gitignore",
    ".python-version",
    "LICENSE",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "redocly.yaml",
    "requirements*.txt",
    "serverless.yml",
    "aws/*",
    "dev/*",
    "gateway/*",
    "hello/*",
    "invocation/*",
    "pipeline/*",
    "plugins/*",
    "tests/__init__.py",
    "tests/conftest.py",
    "tests/cloud/__init__.py",
    "tests/cloud/conftest.py",
    "tests/cloud/test_cfn_lint.py",
    "tests/cloud/test_cloud.py",
    "tests/cloud/test_hello.py",
    "tests/cloud/test_table_and_queue.py",
    "tests/support/__init__.py",
    "tests/support/another_version.py",
    "tests/support/conformance.py",
    "tests/support/differences.py",
    "tests/support/events.py",
    "tests/support/functions.py",
    "tests/support/handlers/*",
    "tests/support/log.py",
    "tests/support/responses.py",
    "tests/support/two_runtimes.py",
    "tests/support/web.py",
    "tests/unit/__init__.py",
    "tests/unit/runtime_loop/*",
    "tests/unit/test_digests.py",
    "tests/unit/test_entry_points.py",
    "tests/unit/test_function_output.py",
    "tests/unit/test_imports.py",
    "tests/unit/test_json_text.py",
    "tests/unit/test_log.py",
    "tests/unit/test_openapi.py",
    "tests/unit/test_package_checks.py",
    "tests/unit/test_plan.py",
    "tests/unit/test_problem.py",
    "tests/unit/test_terminal.py",
    "tests/unit/test_watching.py",
]
LEFT_OUT = [
    "dev/browser.py",
    "dev/new/*",
    "dev/screenshot.py",
    "dev/setup/browser.mjs",
    "dev/setup/chromium/*",
    "plugins/bundle/tests/*",
]

# Files in which `hello` is renamed after the service.
RENAMED = ["hello/*", "serverless.yml", "tests/cloud/test_hello.py"]

REMOVED_SCRIPTS = [
    *("attack", "bench", "features", "new", "pydantics", "record:serde", "redrive", "screenshot"),
    "smoke",
]
# Packages for tests that a new service does not have.
REMOVED_NODE_PACKAGES = ["axe-core", "swagger-ui-dist", "typescript"]
REMOVED_PYTHON_PACKAGES = [
    "build",
    "email-validator",
    "hatchling",
    "openapi-python-client",
    "playwright",
    "schemathesis",
    "trustme",
    "zizmor",
]

# Modules that are copied in part: which functions and classes stay.
FIXTURES = {"service", "cloud", "deploy_log", "build", "api_url"}
DEFINITIONS = {
    "tests/cloud/conftest.py": FIXTURES.__contains__,
    "tests/unit/test_imports.py": lambda name: not name.startswith("test_drawing"),
}

# Other changes by file: patterns, each of which must match, with their replacements.
EDITS = {
    "dev/lock_files.py": [
        (r'^    "bench/.*\n', ""),
        (r"^    # As strangers .*\n", ""),
        (r"^PINS = .*\n", ""),
        (r"^NODE_PROJECTS = .*", 'NODE_PROJECTS = ["."]'),
    ],
    "dev/service.py": [
        (r"^API_KEY = .*\n", ""),
        (
            r'^    return f"""(?s:.*)',
            r'''    return f"""
Try it:

  {curl} '{url}/lucky_numbers?first_name=Ada'
"""
''',
        ),
    ],
    "dev/setup.mjs": [
        (r"^import \{ setUpBrowser \}.*\n", ""),
        (r"^ *if \(extras\.includes\('browser'\)\).*\n", ""),
        (r"^// .*dev browser .*\n", ""),
        (r"^const EXTRAS = .*", "const EXTRAS = ['dev'];"),
    ],
    "dev/watching.py": [(r'"bench", |"docs", |"ops", ', "")],
    "hello/handler.py": [(r" Copy it [^.\n]*\.", "")],
    "package.json": [(" browser &&", " &&"), (r" && \.venv/bin/zizmor [^&]*&& tsc -p web", "")],
    "pyproject.toml": [
        (r"^description = .*", f'description = "{DESCRIPTION}"'),
        (", benchmarks", ""),
        (rf'^  "(?:{"|".join(REMOVED_PYTHON_PACKAGES)})==.*\n', ""),
        (r"(?:^#.*\n)*(?:^bench-.*\n)+", ""),
        (r'"\{bench,dev,ops,plugins,tests\}/\*\*"', '"{dev,plugins,tests}/**"'),
        (r'^"(?:bench/(?:peers|strangers)|tests/support/serde)/.*\n', ""),
        (r'"\^bench/\(peers\|strangers\)/", ', ""),
        (r', "\^tests/support/clients/"', ""),
        (r'^"plugins/bundle/tests/.*\n', ""),
        (r"plugins/bundle:plugins/bundle/tests", "plugins/bundle"),
        (r'"\^plugins/bundle/tests/corpus/", ', ""),
        (r"^pythonpath = .*\n", ""),
        (r', "plugins/bundle/tests"\]', "]"),
    ],
    "serverless.yml": [
        (r" [^.]*`resources\.yml`[^.]*\.", "\n#"),
        (r" Copy it [^.\n]*\.", ""),
        (
            r"(dataDeletion: Retain) #.*",
            r"\1 # Of your tables. It also protects the stack from deletion.",
        ),
    ],
    "tests/support/events.py": [("SilentByte", "Ada")],
    "tests/unit/test_imports.py": [
        (r"^ENVIRONMENT = (?s:\{.*?^\})", 'ENVIRONMENT = {"AWS_REGION": "us-east-1"}'),
        (r"^READS = .*", "READS: dict[str, set[str]] = {}"),
        (r'"bench", "dev", "ops", ', '"dev", '),
    ],
}
