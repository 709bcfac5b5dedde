"""`npm run smoke`: calls what a stage has deployed, and says what differs."""
