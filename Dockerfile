# One image for web, worker and schedule; the command decides. Build: docker build -t s3cop .
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=s3cop.settings S3COP_ENV=production \
    S3COP_HOME=/srv/s3cop MEDIA_ROOT=/srv/s3cop/media STATIC_ROOT=/app/staticroot
RUN useradd --system --uid 10001 --home-dir /srv/s3cop --create-home s3cop && install -d -o s3cop /srv/s3cop/media
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# The user below may not write here: without this each start would compile every module anew.
RUN python -m compileall -q .
# Collecting needs no secret of the installation: these values live only in this step.
RUN SECRET_KEY=only-for-this-step-0123456789-abcdefghijklmnopqrstuvwxyz SITE_URL=https://build.invalid \
    ALLOWED_HOSTS=build.invalid CONTACT_EMAIL=build@build.invalid DATABASE_URL=postgres://nobody@127.0.0.1/none \
    REDIS_URL=redis://127.0.0.1 EMAIL_URL=smtp://127.0.0.1 python manage.py collectstatic --noinput
USER s3cop
VOLUME /srv/s3cop/media
EXPOSE 8000
CMD ["python", "-m", "s3cop.serving", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "2", \
     "--blocking-threads-idle-timeout", "600", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10s", \
     "s3cop.wsgi:application"]
