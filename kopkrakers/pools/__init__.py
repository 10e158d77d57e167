"""Pools: whose answers are counted together, a gemeente, a regio of small ones, or all of them."""
