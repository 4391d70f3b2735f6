/* Charts of the board: what was, the path and the forecast with its band; and a figure by its parts. */
(function () {
  "use strict";
  if (!window.jigai || !window.echarts) return;
  const { t, axis, merge } = window.jigai;
  const english = document.documentElement.lang.startsWith("en");
  const word = (zh, en) => (english ? en : zh);
  const number = (value, digits) => Number(value).toLocaleString("en-US", { maximumFractionDigits: Math.max(digits, 1) });
  /* The next round number above the largest, so that the axis ends on one. */
  const roof = (most) => {
    if (!(most > 0)) return null;
    const step = Math.pow(10, Math.floor(Math.log10(most))) / 2;
    return Math.ceil(most / step) * step;
  };
  const said = (id) => JSON.parse(document.getElementById(id).textContent);

  document.querySelectorAll("[data-path]").forEach((box) => {
    const d = said(box.dataset.path), narrow = box.clientWidth < 520;
    const last = (values) => { for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null) return i; return -1; };
    const at = last(d.actual), end = last(d.forecast);
    const day = (value) => d.monthly ? value.slice(0, 4) + "-" + value.slice(5, 7) : value.slice(0, 4);
    const days = d.days.map(day);
    const band = d.low.map((low, i) => (low === null ? null : d.high[i] - low));
    const goal = d.target === null ? undefined : { silent: true, symbol: "none", lineStyle: { color: t("chart-target"), width: 1.25, type: "solid" }, label: { position: narrow ? "insideEndTop" : "end", color: t("chart-target"), fontSize: 12, formatter: word("目标 ", "target ") + number(d.target, d.digits) }, data: [{ yAxis: d.target }] };
    const names = { actual: word("完成", "actual"), path: word("路径", "path"), ahead: word("预测", "forecast"), band: word("八成区间", "80 % interval") };
    const shown = [names.actual].concat(d.has_forecast ? [names.ahead, names.band] : [], d.path.some((one) => one !== null) ? [names.path] : []);
    const line = (more) => merge({ type: "line", symbol: "none", connectNulls: true }, more);
    const few = d.actual.filter((one) => one !== null).length < 9;
    window.jigai.chart(box.id, {
      grid: { left: 52, right: narrow ? 16 : 92, top: 36, bottom: 28 },
      legend: { top: 0, left: 40, itemWidth: 22, itemHeight: 8, itemGap: 18, textStyle: { color: t("ink-2") }, data: shown },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value === null || value === undefined ? "—" : number(value, d.digits) + " " + d.unit) },
      xAxis: merge(axis, { type: "category", boundaryGap: !d.monthly, data: days, splitLine: { show: false }, axisLabel: { color: t("chart-axis"), fontSize: 12, interval: d.monthly ? (i) => /-12$/.test(days[i]) : 0 } }),
      yAxis: merge(axis, { type: "value", scale: !d.monthly && d.target === null, axisLine: { show: false }, max: d.target === null ? null : (range) => roof(Math.max(range.max, d.target)), axisLabel: { color: t("chart-axis"), fontSize: 12 } }),
      graphic: [{ type: "text", left: 8, top: 2, style: { text: d.unit, fill: t("chart-axis"), fontSize: 12, fontFamily: window.jigai.font } }],
      series: [
        line({ name: "low", stack: "b", lineStyle: { opacity: 0 }, data: d.low, tooltip: { show: false } }),
        line({ name: names.band, stack: "b", lineStyle: { opacity: 0 }, itemStyle: { color: t("chart-band") }, areaStyle: { color: t("chart-band"), opacity: 1 }, data: band, tooltip: { show: false } }),
        line({ name: names.path, lineStyle: { color: t("chart-path"), width: 1.25, type: [6, 4] }, itemStyle: { color: t("chart-path") }, data: d.path }),
        line({ name: names.actual, symbol: few ? "circle" : "none", symbolSize: 7, lineStyle: { color: t("c1"), width: 2.5 }, itemStyle: { color: t("c1") }, markLine: goal,
          data: d.actual.map((value, i) => (d.grey.includes(d.days[i]) ? { value, symbol: "emptyCircle", symbolSize: 9 } : value)),
          markPoint: at < 0 ? undefined : { symbol: "circle", symbolSize: 8, label: { show: true, position: "top", distance: 8, color: t("ink"), fontWeight: 700, fontSize: 13, formatter: number(d.actual[at], d.digits) }, data: [{ coord: [days[at], d.actual[at]] }] } }),
        line({ name: names.ahead, lineStyle: { color: t("c1"), width: 2, type: [3, 3] }, itemStyle: { color: t("c1") }, data: d.forecast,
          endLabel: { show: end > at && !narrow, formatter: word("预计 ", "expected ") + (end < 0 ? "" : number(d.forecast[end], d.digits)), color: t("ink"), fontWeight: 700, fontSize: 13 } }),
      ],
    });
  });

  document.querySelectorAll("[data-bars-of]").forEach((box) => {
    const d = said(box.dataset.barsOf);
    const chart = window.jigai.chart(box.id, {
      grid: { left: 8, right: 64, top: 28, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", valueFormatter: (value) => number(value, d.digits) + " " + d.unit },
      xAxis: merge(axis, { type: "value", axisLine: { show: false } }),
      yAxis: merge(axis, { type: "category", inverse: true, data: d.names, splitLine: { show: false }, axisLabel: merge(axis.axisLabel, { width: 150, overflow: "truncate" }) }),
      series: [{ type: "bar", barMaxWidth: 18, cursor: "pointer", label: { show: true, position: "right", color: t("ink"), formatter: (one) => number(one.value, d.digits) },
        data: d.values.map((value, i) => ({ value, itemStyle: { color: d.grey[i] ? t("c5") : t("c1") } })),
        markLine: d.city === null ? undefined : { silent: true, symbol: "none", lineStyle: { color: t("ink-2"), type: [4, 3] }, label: { position: "start", formatter: word("全市 ", "city ") + number(d.city, d.digits), color: t("ink-2") }, data: [{ xAxis: d.city }] } }],
    });
    if (chart) chart.on("click", (hit) => { if (d.urls[hit.dataIndex]) location.href = d.urls[hit.dataIndex]; });
  });
})();
