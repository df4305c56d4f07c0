"""The server's own answers: what a mentor says through Anthropic's API, what that costs, and what it proposes."""
