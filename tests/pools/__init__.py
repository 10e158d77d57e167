"""Tests of pools: whose answers are counted together."""
