"""How functions call AWS: no other package that ships imports an SDK."""
