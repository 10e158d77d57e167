"""Tests of what is met without a network."""
