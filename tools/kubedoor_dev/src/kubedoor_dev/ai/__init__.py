"""A scripted server that speaks the protocol of OpenAI-compatible models: for tests, and for the demo."""
