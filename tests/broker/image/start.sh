# Settings from the environment: KAFKA_NODE_ID becomes node.id, and so on; then format, then serve.
set -f
conf=/tmp/server.properties
echo "log.dirs=/tmp/data" > "$conf"
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
  key=$(echo "$name" | sed -e 'y/ABCDEFGHIJKLMNOPQRSTUVWXYZ_/abcdefghijklmnopqrstuvwxyz./')
  echo "$key=$value" >> "$conf"
done
path=/opt/kafka/lib/*
java -Xmx128m -cp "$path" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c "$conf"
exec java -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$path" kafka.Kafka "$conf"
