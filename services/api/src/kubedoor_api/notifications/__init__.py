"""Events told to the team's chat, in the background."""
