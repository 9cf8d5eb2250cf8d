"""Readers of what others publish: fact tables, Epoch AI's tables, index editions, corrected workbooks."""
