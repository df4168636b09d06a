import platform

print(f"Hello, world! This is Python {platform.python_version()} on {platform.machine()}.")
