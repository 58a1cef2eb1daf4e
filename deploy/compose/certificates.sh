# An authority and a certificate for each store, in the volume they share; those that are there stay.
cd /usr/share/elasticsearch
if [ ! -f /certificates/ca/ca.crt ]; then
  bin/elasticsearch-certutil ca --silent --pem --days 3650 --out /tmp/ca.zip
  unzip -q /tmp/ca.zip -d /certificates
fi
for store in elasticsearch postgres redis; do
  if [ ! -f "/certificates/$store/$store.crt" ]; then
    bin/elasticsearch-certutil cert --silent --pem --days 3650 --name "$store" --dns "$store" --dns localhost --ip 127.0.0.1 \
      --ca-cert /certificates/ca/ca.crt --ca-key /certificates/ca/ca.key --out "/tmp/$store.zip"
    unzip -q "/tmp/$store.zip" -d /certificates
  fi
done
# Certificates are for everybody; the server's key is its user's, the others' keys are taken by root alone.
chmod 755 /certificates /certificates/*/
chmod 644 /certificates/*/*.crt
chmod 600 /certificates/*/*.key
chown 1000:0 /certificates/elasticsearch/elasticsearch.key
