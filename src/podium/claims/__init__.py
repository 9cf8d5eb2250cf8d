"""What others say: claims found in news and checked against evidence and arithmetic."""
