"""What the web page asks of the mentors: addresses of its own, and no words in any session's list of tools."""

from turbo_server.kit.tool import Endpoint

from .conversation import rename_conversation, show_conversation
from .conversations import list_conversations
from .mentors import list_mentors, save_mentor
from .questions import ask_question, decide_proposals

ENDPOINTS = (
    Endpoint("GET", "/v1/mentors", list_mentors),
    Endpoint("POST", "/v1/mentors", save_mentor),
    Endpoint("GET", "/v1/conversations", list_conversations),
    Endpoint("POST", "/v1/conversations/rename", rename_conversation),
    Endpoint("GET", "/v1/conversation", show_conversation),
    Endpoint("POST", "/v1/questions", ask_question),
    Endpoint("POST", "/v1/proposals", decide_proposals),
)
