"""The pages: each maker takes what is asked and returns the values that its template shows."""
