"""The only way to AWS: no other room imports an SDK."""
