"""All tables, gathered for the migrations."""

import api.curation.models
import api.history.models
import api.offers.models
import api.organizations.models
import api.places.models
import api.regions.models
import api.schedules.models
import api.search.models
import api.sources.models
import api.spaces.models
import api.taxonomy.models  # noqa: F401
