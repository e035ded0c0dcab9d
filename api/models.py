"""All tables, gathered for the migrations."""

import api.accounts.models
import api.chains.models
import api.curation.campaigns_models
import api.curation.claims_models
import api.curation.duplicates_models
import api.curation.freshness_models
import api.curation.models
import api.doubts.models
import api.history.models
import api.offers.freshness
import api.offers.models
import api.offers.referring_models
import api.organizations.models
import api.places.models
import api.referrals.models
import api.regions.models
import api.schedules.models
import api.search.models
import api.sources.models
import api.spaces.models
import api.taxonomy.models
import api.uptake.models
import api.watching.models  # noqa: F401
