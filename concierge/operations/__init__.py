"""What a cron of somebody else's may do: look at the jobs, and have what waits done now.

Workers do all of this by themselves, within a second. These paths are for deployments whose scheduler calls URLs. They
are closed until their token is set; it is a query parameter, and therefore hidden in every log (concierge.log) and good
for nothing else.
"""
