"""Speed as ratios, side by side in one run: `make bench`.

Evidence for docs/performance.md, never a gate.
"""
