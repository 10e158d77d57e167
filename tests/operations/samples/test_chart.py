"""The chart for a cluster: rendered, held against the schemas of Kubernetes and against the code.

No cluster runs here, so what one does with it is untried, as the manual says.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kopkrakers.base.config import Settings
from tests.operations.samples.chart import CHART, Helm, Object, find, named
from tests.operations.samples.containers import Container, check_container, find_command

# D-108
LEAST = ("image=register.voorbeeld.nl/kopkrakers:1", "host=kopkrakers.zaanstad.nl")
ALL = (*LEAST, "sso=true", "backup.claim=kluis", "metrics.enabled=true", "imagePullSecrets={pas}")
TRAEFIK = "traefik.ingress.kubernetes.io/router."
OURS = {"Middleware", "TLSOption"}
"""Kinds of Traefik, of which Kubernetes has no schema."""
RULE = "NetworkPolicy"
PORT = Settings.model_fields["port"].default
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Helm:
    return Helm(tmp_path_factory.mktemp("helm"))


@pytest.fixture(scope="module")
def least(helm: Helm) -> list[Object]:
    """The objects in a cluster of whoever set the two values that have no default."""
    return helm.render(*LEAST)


@pytest.fixture(scope="module")
def whole(helm: Helm) -> list[Object]:
    """The objects in a cluster with everything on."""
    return helm.render(*ALL)


def pods(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    """The pods that these objects make, each with the name of what makes it."""
    for found in objects:
        spec = found.get("spec", {})
        if found["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield found["metadata"]["name"], spec["template"]


def containers(objects: list[Object]) -> Iterator[Container]:
    for name, template in pods(objects):
        pod = template["spec"]
        for said in [*pod.get("initContainers", []), *pod["containers"]]:
            shut = said["securityContext"]
            yield Container(
                name=f"{name}/{said['name']}",
                image=said["image"],
                command=said.get("args", said.get("command", [])),
                environment={one["name"]: one["value"] for one in said.get("env", [])},
                mounts=[mount["mountPath"] for mount in said["volumeMounts"]],
                user=pod["securityContext"]["runAsUser"],
                read_only=shut["readOnlyRootFilesystem"],
                closed=shut["capabilities"] == {"drop": ["ALL"]}
                and not shut["allowPrivilegeEscalation"]
                and pod["securityContext"]["runAsNonRoot"]
                and not pod["automountServiceAccountToken"],
            )


def test_helm_finds_nothing_wrong(helm: Helm) -> None:
    found = helm.run("lint", "--strict", ".", "--set", ",".join(LEAST))
    assert found.returncode == 0, found.stdout


def test_it_is_of_this_release() -> None:
    chart = YAML(typ="safe").load(CHART / "Chart.yaml")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert chart["version"] == chart["appVersion"] == project["version"]


@pytest.mark.parametrize("version", ["1.29", "1.37"])
def test_kubernetes_knows_every_object(whole: list[Object], version: str) -> None:
    # here, for it reads grammars for seconds, and every process reads every file of tests
    import kubernetes_validate

    for found in whole:
        if found["kind"] not in OURS:
            kubernetes_validate.validate(found, version, strict=True)


def test_a_container_is_closed_and_runs_what_is_there(whole: list[Object]) -> None:
    found = list(containers(whole))
    assert len(found) == 7
    for container in found:
        check_container(container)
        assert container.image == "register.voorbeeld.nl/kopkrakers:1"


def test_each_process_has_a_user_of_its_own(whole: list[Object]) -> None:
    users = {name: template["spec"]["securityContext"] for name, template in pods(whole)}
    assert {name: said["runAsUser"] for name, said in users.items()} == {
        "kop-teller": 10001,
        "kop-web": 10002,
        "kop-bode": 10003,
        "kop-sso": 10003,
        "kop-backup": 10004,
    }


def test_every_process_reads_the_secret_and_knows_the_address(whole: list[Object]) -> None:
    for name, template in pods(whole):
        for said in template["spec"]["containers"]:
            assert said["envFrom"] == [{"secretRef": {"name": "kopkrakers"}}], name
            settings = {one["name"]: one["value"] for one in said["env"]}
            assert settings["KOPKRAKERS_BASE_URL"] == "https://kopkrakers.zaanstad.nl", name


def test_the_keys_go_into_no_backup_and_stay_when_helm_takes_the_rest_away(
    whole: list[Object],
) -> None:
    disk = find(whole, "PersistentVolumeClaim", "kop-sleutels")["metadata"]
    assert disk["labels"]["velero.io/exclude-from-backup"] == "true"
    assert disk["annotations"]["helm.sh/resource-policy"] == "keep"


def test_probes_and_ports_are_those_of_the_website(whole: list[Object]) -> None:
    (web,) = dict(pods(whole))["kop-web"]["spec"]["containers"]
    assert web["ports"][0] == {"name": "http", "containerPort": PORT}
    assert web["livenessProbe"]["httpGet"] == {"path": "/gezond", "port": "http"}
    assert web["readinessProbe"]["httpGet"] == {"path": "/klaar", "port": "http"}
    settings = {one["name"]: one["value"] for one in web["env"]}
    assert web["ports"][1]["containerPort"] == int(settings["KOPKRAKERS_METRICS_PORT"])


def test_the_counter_reaches_names_and_the_database_alone(whole: list[Object]) -> None:
    rules = {one["metadata"]["name"]: one["spec"] for one in whole if one["kind"] == RULE}
    assert set(rules) == {"kop-dicht", "kop-web", "kop-bode"}
    shut = rules["kop-dicht"]
    for _name, template in pods(whole):
        assert shut["podSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert shut["policyTypes"] == ["Ingress", "Egress"] and "ingress" not in shut
    assert {port["port"] for port in shut["egress"][0]["ports"]} == {53, 5432}
    opened = [rules[name]["podSelector"]["matchLabels"] for name in ("kop-web", "kop-bode")]
    counter = dict(pods(whole))["kop-teller"]["metadata"]["labels"]
    assert not any(labels.items() <= counter.items() for labels in opened)


def test_the_service_finds_the_website_and_keeps_one_address_at_one_server(
    least: list[Object],
) -> None:
    service = find(least, "Service", "kop-web")["spec"]
    labels = dict(pods(least))["kop-web"]["metadata"]["labels"]
    assert service["selector"].items() <= labels.items()
    # so that wrong passwords are counted together
    assert service["sessionAffinity"] == "ClientIP"


def test_only_what_is_asked_for_is_there(least: list[Object], helm: Helm) -> None:
    assert named(least, "CronJob") == set()
    assert named(least, "Ingress") == {"kop", "kop-http"}
    bare = helm.render(*LEAST, "ingress.enabled=false")
    assert named(bare, "Ingress") == named(bare, "Middleware") == named(bare, "TLSOption") == set()
    assert named(bare, "Service") == {"kop-web"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("host=a.nl",), "Vul image in"),
        (("image=x",), "Vul host in"),
        ((*LEAST, "host=https://a.nl"), "/host"),
        ((*LEAST, "bakcup.claim=kluis"), "bakcup"),
        ((*LEAST, "web.replicas=0"), "/web/replicas"),
        ((*LEAST, "teller.replicas=2"), "teller"),
    ],
)
def test_what_cannot_work_is_refused(helm: Helm, values: tuple[str, ...], said: str) -> None:
    refused = helm.run("template", "kop", ".", "--set", ",".join(values))
    assert refused.returncode != 0
    assert said in refused.stderr


def test_what_helm_says_afterwards_are_commands_that_are_there() -> None:
    said = re.findall(r"/opt/kopkrakers/bin/kopkrakers (.+)$", notes(), re.MULTILINE)
    assert said
    for command in said:
        find_command(command.split(' "')[0].split())


def notes() -> str:
    """Return what helm prints when all is there."""
    return (CHART / "templates" / "NOTES.txt").read_text()


@pytest.mark.parametrize("name", ["kop", "kop-http"])
def test_no_ingress_keeps_who_asked_for_what_and_when(least: list[Object], name: str) -> None:
    said = find(least, "Ingress", name)["metadata"]["annotations"]
    for what in ("accesslogs", "tracing", "metrics"):
        assert said[f"{TRAEFIK}observability.{what}"] == "false"


def test_every_part_that_an_ingress_names_is_there(least: list[Object]) -> None:
    for name in named(least, "Ingress"):
        ingress = find(least, "Ingress", name)
        said = ingress["metadata"]["annotations"]
        for key, kind in (("middlewares", "Middleware"), ("tls.options", "TLSOption")):
            if (wished := said.get(TRAEFIK + key)) is not None:
                # Traefik puts the namespace before the name
                part = wished.removeprefix("ons-").removesuffix("@kubernetescrd")
                assert part in named(least, kind)
        (rule,) = ingress["spec"]["rules"]
        assert rule["host"] == "kopkrakers.zaanstad.nl"
        assert rule["http"]["paths"][0]["backend"]["service"]["name"] == "kop-web"


def test_it_has_the_ciphers_and_curves_of_the_sample_for_nginx(least: list[Object]) -> None:
    nginx = (ROOT / "docs" / "proxy" / "nginx.conf").read_text()
    ciphers = re.findall(r"ssl_ciphers ([^;]+);", nginx)[0].split(":")
    ours: dict[str, Any] = find(least, "TLSOption", "kop-ncsc")["spec"]
    there = {re.sub(r"[_-]|WITH|TLS|SHA256$", "", name) for name in ours["cipherSuites"]}
    here = {re.sub(r"[_-]|SHA256$", "", name) for name in ciphers}
    assert there == here
    assert len(ours["curvePreferences"]) == 3
    assert ours["minVersion"] == "VersionTLS12"


def test_a_body_is_held_whole_and_no_longer_than_we_take(least: list[Object]) -> None:
    limits = find(least, "Middleware", "kop-opsparen")["spec"]["buffering"]
    assert limits == {"maxRequestBodyBytes": 512 * 1024, "memRequestBodyBytes": 512 * 1024}
