# The role and the user `kiemtin` of the archive, made again at every start: so a new password is taken over.
# Passwords go by standard input: arguments could be read by everybody on the machine.
ask() {
  { printf 'user = "elastic:%s"\n' "$(cat /run/secrets/elastic_password)"; } |
    curl --fail-with-body --silent --show-error --output /dev/null --cacert /certificates/ca/ca.crt --config - \
      --request PUT --header 'Content-Type: application/json' --data "@$2" "https://elasticsearch:9200$1"
}
umask 077
cat > /tmp/role.json <<'END'
{"cluster": ["monitor"], "indices": [{"names": ["kiemtin-*"], "privileges": ["all"]}]}
END
printf '{"password": "%s", "roles": ["kiemtin"]}' "$(cat /run/secrets/elasticsearch_password)" > /tmp/user.json
ask /_security/role/kiemtin /tmp/role.json
ask /_security/user/kiemtin /tmp/user.json
rm /tmp/user.json
