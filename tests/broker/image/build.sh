#!/bin/sh
# Builds a small Kafka image from the jars that the tests use, where no image can be pulled:
# a trimmed Java runtime, busybox (package busybox-static), the C library and start.sh.
# Usage: build.sh [TAG]; afterwards SLA_LEDGER_TEST_KAFKA_IMAGE=TAG names it for the tests.
set -eu
tag="${1:-sla-ledger-tests/kafka:4.4.0}"
here="$(cd "$(dirname "$0")" && pwd)"
jars="${XDG_CACHE_HOME:-$HOME/.cache}/sla-ledger-tests/kafka-4.4.0/lib"
test -d "$jars" || { echo "no jars in $jars: run the broker tests once, or see local_broker.jars()" >&2; exit 1; }
root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/opt/kafka" "$root/bin" "$root/tmp" "$root/etc"
jlink --strip-debug --no-header-files --no-man-pages --output "$root/opt/java" --add-modules \
java.base,java.logging,java.management,jdk.management,java.naming,java.sql,java.xml,java.security.jgss,java.security.sasl,jdk.security.auth,jdk.unsupported,jdk.crypto.ec,java.desktop
cp -r "$jars" "$root/opt/kafka/lib"
cp "$here/start.sh" "$root/opt/kafka/start.sh"
chmod +x "$root/opt/kafka/start.sh"
cp /bin/busybox "$root/bin/busybox"
for name in sh cat mkdir env ls sed; do ln -s busybox "$root/bin/$name"; done
echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"
{ ldd "$root/opt/java/bin/java"; find "$root/opt/java/lib" -name '*.so' -exec ldd {} +; } 2>/dev/null \
  | sed -nE 's#^.*(=> |^[[:space:]]+)((/usr)?/lib(64)?/[^ ]+) .*#\2#p' | sort -u | while read -r file; do
  mkdir -p "$root$(dirname "$file")"
  cp -L "$file" "$root$file"
done
tar -C "$root" -c . | docker import \
  --change 'ENTRYPOINT ["/bin/sh", "/opt/kafka/start.sh"]' --change 'ENV PATH=/opt/java/bin:/bin' - "$tag"
