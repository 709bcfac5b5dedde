"""Names of this service on the local cloud."""

SERVICE = "lucky-numbers"
STAGE = "local"
# As serverless.yml sets them for this stage.
API_ID = "77777777"
API_KEY = "a-key-for-the-local-cloud"
