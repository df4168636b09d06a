#!/bin/sh
# bases.sh [DIR [IMAGE...]]
#
# Makes images to build upon where no registry can be reached, from the Debian packages that this machine gets. Writes into
# DIR (the current directory if absent) archives that `kiln load -i` takes:
#
#   busybox.oci.tar   busybox:latest                          one static program; takes seconds
#   debian.oci.tar    debian:bookworm-slim, debian:bookworm   apt, dpkg and what they need; takes a minute
#
# IMAGE is busybox or debian; both if absent. An archive that is there already is left alone.
#
# Needs a Debian machine on which `apt-get update` has run; for debian, mmdebstrap. Root is not needed. The image gets the
# sources and proxies of apt on this machine, and, for `update-ca-certificates`, what is in /usr/local/share/ca-certificates.
set -eu

suite=bookworm
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1735689600} # 2025-01-01; nothing in an image is younger.
export SOURCE_DATE_EPOCH
umask 022

fail() {
  echo "bases.sh: $*" >&2
  exit 1
}

needs() { # program package
  command -v "$1" > /dev/null || fail "$1 is missing: apt-get install $2"
}

out=${1:-.}
[ $# -eq 0 ] || shift
needs apt-get apt
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The platform of Debian packages, as images name it.
case $(dpkg --print-architecture) in
  i386) architecture=386 variant= ;;
  armel) architecture=arm variant=v5 ;;
  armhf) architecture=arm variant=v7 ;;
  ppc64el) architecture=ppc64le variant= ;;
  *) architecture=$(dpkg --print-architecture) variant= ;;
esac

digest() { # file
  sha256sum "$1" | cut -d ' ' -f 1
}

# Moves a file to where an OCI layout has it; prints the descriptor.
add_blob() { # layout file media-type
  blob_digest=$(digest "$2")
  blob_size=$(wc -c < "$2")
  mv "$2" "$1/blobs/sha256/$blob_digest"
  printf '"mediaType":"%s","digest":"sha256:%s","size":%d' "$3" "$blob_digest" "$blob_size"
}

# Makes an archive of one layer, which is the root file system.
pack() { # root.tar name command reference...
  root_tar=$1 name=$2 command=$3
  shift 3
  layout=$work/$name.layout
  oci=application/vnd.oci.image
  mkdir -p "$layout/blobs/sha256"
  created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
  diff_id=$(digest "$root_tar")
  gzip -n "$root_tar"
  layer=$(add_blob "$layout" "$root_tar.gz" "$oci.layer.v1.tar+gzip")
  cat > "$work/config" << JSON
{"created":"$created","architecture":"$architecture",${variant:+\"variant\":\"$variant\",}"os":"linux",
"config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["$command"]},
"rootfs":{"type":"layers","diff_ids":["sha256:$diff_id"]},
"history":[{"created":"$created","created_by":"examples/bases.sh","comment":"from Debian packages"}]}
JSON
  config=$(add_blob "$layout" "$work/config" "$oci.config.v1+json")
  printf '{"schemaVersion":2,"mediaType":"%s","config":{%s},"layers":[{%s}]}' \
    "$oci.manifest.v1+json" "$config" "$layer" > "$work/manifest"
  manifest=$(add_blob "$layout" "$work/manifest" "$oci.manifest.v1+json")
  entries=
  for reference; do
    entries=$entries${entries:+,}$(printf '{%s,"annotations":{"%s":"docker.io/library/%s","%s":"%s"}}' "$manifest" \
      io.containerd.image.name "$reference" org.opencontainers.image.ref.name "${reference##*:}")
  done
  printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s]}' "$oci.index.v1+json" "$entries" > "$layout/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
  archive "$layout" "$work/$name.oci.tar" oci-layout index.json blobs
  mv "$work/$name.oci.tar" "$out/.$name.oci.tar.part"
  mv "$out/.$name.oci.tar.part" "$out/$name.oci.tar"
  rm -rf "$layout"
  echo "$out/$name.oci.tar: $*"
}

# A tar that says nothing of who made it, and when.
archive() { # directory file name...
  directory=$1 file=$2
  shift 2
  tar -C "$directory" --sort=name --format=posix --pax-option=delete=atime,delete=ctime --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" -cf "$file" "$@"
}

make_busybox() {
  mkdir "$work/deb"
  (cd "$work/deb" && apt-get -q=2 -o APT::Sandbox::User=root download busybox-static) ||
    fail 'cannot download busybox-static; has apt-get update run?'
  root=$work/busybox
  mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/home" "$root/proc" "$root/sbin" "$root/sys" "$root/usr/bin" \
    "$root/usr/sbin" "$root/var"
  mkdir -m 700 "$root/root"
  mkdir -m 1777 "$root/tmp"
  dpkg-deb --fsys-tarfile "$work"/deb/busybox-static_*.deb > "$work/busybox-static.tar"
  program=$(tar -tf "$work/busybox-static.tar" | grep '/bin/busybox$')
  tar -xOf "$work/busybox-static.tar" "$program" > "$root/bin/busybox"
  chmod 755 "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  # Where scripts look for it.
  ln -s ../../bin/env "$root/usr/bin/env"
  printf '%s\n' root:x:0:0:root:/root:/bin/sh daemon:x:1:1:daemon:/usr/sbin:/bin/false \
    www-data:x:33:33:www-data:/var/www:/bin/false nobody:x:65534:65534:nobody:/home:/bin/false > "$root/etc/passwd"
  printf '%s\n' root:x:0: daemon:x:1: www-data:x:33: nobody:x:65534: > "$root/etc/group"
  archive "$root" "$work/busybox.tar" .
  pack "$work/busybox.tar" busybox sh busybox:latest
}

# The sources of this machine that are Debian's, for the suite of the image.
debian_sources() {
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)|$(COMPONENT)' 'Created-By: Packages' | sort -u |
    awk -F '|' -v suite="$suite" '$1 == "Debian" && $4 == "main" {
      if ($2 == "Debian-Security") print "deb " $3 " " suite "-security main"
      else if ($2 == "Debian") print "deb " $3 " " suite " main\ndeb " $3 " " suite "-updates main"
    }'
}

make_debian() {
  needs mmdebstrap mmdebstrap
  debian_sources > "$work/sources.list"
  [ -s "$work/sources.list" ] || fail 'this machine has no sources of Debian; has apt-get update run?'
  # What the machine puts into the image besides.
  files=$work/files
  mkdir -p "$files/usr/local/share/ca-certificates" "$files/etc/apt/apt.conf.d" "$work/dev"
  find /usr/local/share/ca-certificates -name '*.crt' -exec cp -t "$files/usr/local/share/ca-certificates" {} + || true
  apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date|https?::Proxy) ' \
    > "$files/etc/apt/apt.conf.d/90machine" || rm "$files/etc/apt/apt.conf.d/90machine"
  # As in the slim images of Debian: no manuals, and no languages.
  mmdebstrap --quiet --variant=minbase --components=main --format=tar --skip=output/dev \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="cp -r '$files/.' \"\$1\"" \
    --customize-hook='cd "$1" && rm -rf etc/hostname etc/resolv.conf etc/machine-id var/cache/ldconfig/* var/log/*' \
    "$suite" "$work/debian.tar" "$work/sources.list" || fail 'mmdebstrap failed'
  tar -C "$work" --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -rf "$work/debian.tar" ./dev
  pack "$work/debian.tar" debian bash "debian:$suite-slim" "debian:$suite"
}

[ $# -gt 0 ] || set -- busybox debian
for image; do
  case $image in
    busybox | debian) ;;
    *) fail "no such image: $image" ;;
  esac
  if [ -f "$out/$image.oci.tar" ]; then
    echo "$out/$image.oci.tar: there already"
  else
    "make_$image"
  fi
done
