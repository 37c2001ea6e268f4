"""Requests that Schemathesis makes from the API's own document.

Schemathesis' plugin for pytest makes them while it collects tests, in each process. That takes as long as sending them,
so they are made when the test runs. Import this module in the test as well, since Schemathesis is large.
"""

from typing import Any

import schemathesis
from django.core.cache import cache
from hypothesis import Phase
from hypothesis import settings as profile
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.schemas import BaseSchema

from petgroove.wsgi import application

CONFIG = SchemathesisConfig.from_dict(
    {
        # What is valid by the document may still be no photo, nobody's, or more than the balance.
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "302", "401", "402", "404", "422", "503"]}
        },
    }
)
DRAWN = [HypothesisTestMode.EXAMPLES, HypothesisTestMode.FUZZING]
# One for each bound of each field.
AT_THE_BOUNDS = [HypothesisTestMode.COVERAGE]


def load(document: dict[str, Any]) -> BaseSchema:
    load_all_checks()
    schema = schemathesis.openapi.from_dict(document, config=CONFIG)
    schema.app = application
    return schema


@profile(phases=[Phase.explicit, Phase.generate])
def send(case: Any, headers: dict[str, str]) -> None:
    cache.clear()
    case.call_and_validate(headers=headers)


def send_all(schema: BaseSchema, label: str, headers: dict[str, str], modes: list[HypothesisTestMode]) -> None:
    """Send all requests of the operation, such as ``GET /api/videos``, and check each answer against the document."""
    method, path = label.split(" ")
    config = HypothesisTestConfig(project=schema.config, modes=modes)
    create_test(operation=schema[path][method], test_func=send, config=config)(headers=headers)
