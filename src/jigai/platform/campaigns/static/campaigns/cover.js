/* The bars of a survey: one for each part, cut by state; a piece leads to the list behind it. */
(function () {
  const box = document.querySelector("[data-bars]");
  if (!box || !window.jigai) return;
  const said = JSON.parse(document.getElementById(box.dataset.bars).textContent);
  const { t, axis } = window.jigai;
  const tones = { unseen: t("stop-mark"), empty: t("warn-mark"), filling: t("busy-mark"), submitted: t("ask-mark"), returned: t("stop-line"), verified: t("ok-mark") };
  const chart = window.jigai.chart(box.id, {
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: t("ink-2"), fontSize: 12 } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
    xAxis: Object.assign({ type: "value", minInterval: 1 }, axis),
    yAxis: Object.assign({ type: "category", inverse: true, data: said.names }, axis, { splitLine: { show: false }, axisLabel: Object.assign({}, axis.axisLabel, { width: 150, overflow: "truncate" }) }),
    series: said.series.map((one) => ({
      name: one.name, type: "bar", stack: "all", barMaxWidth: 18, data: one.values, cursor: "pointer",
      itemStyle: { color: tones[one.key], borderColor: t("surface"), borderWidth: 1 },
    })),
  });
  if (!chart) return;
  chart.on("click", (hit) => {
    const query = new URLSearchParams({ [said.by]: said.keys[hit.dataIndex], state: said.series[hit.seriesIndex].key });
    location.href = said.url + "?" + query;
  });
})();
