{{/* Wat elke container van ons krijgt: geen recht dat hij niet nodig heeft, en niets om op te schrijven */}}
{{- define "kopkrakers.container" -}}
image: {{ required "Vul image in: de naam van je eigen image." .Values.image }}
resources: {{ toJson .Values.resources }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Wat elke pod van ons krijgt. Aanroepen met een lijst: het geheel, en het nummer van de gebruiker */}}
{{- define "kopkrakers.pod" -}}
{{- $top := index . 0 }}
{{- $user := index . 1 -}}
automountServiceAccountToken: false
{{- with $top.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $user }}
  runAsGroup: {{ $user }}
  fsGroup: {{ $user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "kopkrakers.settings" -}}
[{secretRef: {name: {{ .Values.secret }}}}]
{{- end }}

{{- define "kopkrakers.labels" -}}
app.kubernetes.io/name: kopkrakers
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kopkrakers.tmp" -}}
{name: tmp, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
{{- end }}

{{- define "kopkrakers.address" -}}
{name: KOPKRAKERS_BASE_URL, value: "https://{{ required "Vul host in: het adres dat mensen typen, zonder https://." .Values.host }}"}
{{- end }}
