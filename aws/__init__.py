"""The only way to AWS: nothing else imports an SDK."""
