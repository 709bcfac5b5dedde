"""Tests that need no cloud."""
