"""Runway's developer API: HTTP only; it knows no rows and no settings.

``Runway`` is a ``RemoteProvider``. The facts are those of Runway's own SDK (``runwayml`` 5.24), whose bodies the tests
compare with ours.
"""

from videos.providers.catalogue import MODELS, Model
from videos.providers.runway.answers import Organization, Refusal
from videos.providers.runway.client import Runway
from videos.providers.runway.download import Limits
from videos.providers.runway.failures import FailureKind, failure_kind

__all__ = ["MODELS", "FailureKind", "Limits", "Model", "Organization", "Refusal", "Runway", "failure_kind"]
