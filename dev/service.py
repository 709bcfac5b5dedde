"""What the local cloud knows this service by."""

SERVICE = "lucky-numbers"
STAGE = "local"
API_ID = "77777777"  # As serverless.yml tags the API of this stage.
API_KEY = "a-key-for-the-local-cloud"  # As it names that, too.
