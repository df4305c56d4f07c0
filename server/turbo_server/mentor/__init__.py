"""Mentors: personas that answer as a colleague who has read everything, and the conversations with them."""

from turbo_server.kit.tool import Toolset

from .tools import ask_mentor, create_mentor, record_answer

TOOLSET = Toolset("mentor", "Colleagues who have read everything.", (ask_mentor, create_mentor, record_answer))
