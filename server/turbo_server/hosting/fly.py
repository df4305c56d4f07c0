"""Fly's regions and prices. As of November 2026, from Fly's own pages on regions, pricing and Managed Postgres."""

AS_OF = "November 2026"
REGIONS = {
    "ams": "Amsterdam", "arn": "Stockholm", "bom": "Mumbai", "cdg": "Paris", "dfw": "Dallas", "ewr": "Secaucus, NJ",
    "fra": "Frankfurt", "gru": "Sao Paulo", "iad": "Ashburn, Virginia", "jnb": "Johannesburg", "lax": "Los Angeles",
    "lhr": "London", "nrt": "Tokyo", "ord": "Chicago", "sin": "Singapore", "sjc": "San Jose", "syd": "Sydney",
    "yyz": "Toronto",
}  # fmt: skip
# The rest have no Managed Postgres; the nearest region that has.
NEAREST = {"arn": "ams", "bom": "sin", "cdg": "ams", "ewr": "iad", "jnb": "lhr"}
MANAGED = tuple(region for region in REGIONS if region not in NEAREST)

# US dollars for 30 days, in iad and ewr; other regions cost more.
MACHINE, SMALL_MACHINE = 3.69, 2.19  # shared-cpu-1x, always on, with 512 MB and with 256 MB
ROOTFS = 0.15  # a GB of a stopped machine's image
VOLUME = 0.15  # a GB, used or not
PLAN, STORAGE = 38.00, 0.28  # Managed Postgres: Basic, and a GB
MANAGED_GB, VOLUME_GB = 10, 1
SNAPSHOT_DAYS = 14  # a volume is copied once a day; Fly keeps five without being asked
