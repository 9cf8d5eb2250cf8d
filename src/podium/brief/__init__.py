"""The story of one article: claims, events, scenario, answer, as one plain value."""
