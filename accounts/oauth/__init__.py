"""The authorization server: programs let in by people, or working for their owners (OAuth 2.1).

It is allauth's, on top of oauthlib, with its gaps closed: PKCE by S256 and nothing else, codes and
refresh tokens that are good once and whose second use ends all that came of them, addresses to
come back to that match to the letter.
"""
