{{- define "language.label" -}}
app: {{ .Values.name }}-{{ .Release.Name }}
{{- end -}}
{{- define "language.sum" -}}{{ add (index . 0) (index . 1) }}{{- end -}}
{{- /* a comment
over lines */ -}}
