"""The fulfilment criteria of good governance of smart specialisation strategies for 2021-2027."""

PERIOD = "2021-2027"
LEGAL_BASE = "Regulation (EU) 2021/1060, Annex IV"
TITLES = (
    "Up-to-date analysis of challenges for innovation diffusion and digitalisation",
    "Competent regional or national institution or body responsible for managing the strategy",
    "Monitoring and evaluation tools to measure performance towards the objectives",
    "Functioning stakeholder cooperation (entrepreneurial discovery process)",
    "Actions to improve national or regional research and innovation systems, where relevant",
    "Where relevant, actions to support industrial transition",
    (
        "Measures for enhancing cooperation with partners outside the Member State in priority areas supported by "
        "the strategy"
    ),
)
